"""Carriers that sellers commonly use: code, names, where a parcel can be followed, home country (S1-17).

The code is the spelling that Amazon's feeds and APIs use for the carrier. Facts only; patterns of tracking
numbers are in `tracking.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier. `url` holds `{}` where the tracking number goes; "" when there is no such page."""

    code: str
    name: str
    country: str  # ISO 3166; "" for carriers at home in many countries
    chinese: str  # "" where there is no common Chinese name
    url: str


OTHER = "Other"  # a carrier of any other name: the name is then required

_PAGES = {
    "USPS": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "UPS": "https://www.ups.com/track?tracknum={}",
    "UPSMI": "https://www.ups.com/track?tracknum={}",
    "FedEx": "https://www.fedex.com/fedextrack/?trknbr={}",
    "DHL": "https://www.dhl.com/en/express/tracking.html?AWB={}",
    "DHL eCommerce": "https://webtrack.dhlecs.com/?trackingnumber={}",
    "OnTrac": "https://www.ontrac.com/tracking/?number={}",
    "AMZN_US": "https://track.amazon.com/tracking/{}",
    "Royal Mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "Hermes": "https://www.evri.com/track/parcel/{}",
    "Canada Post": "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}",
    "China Post": "https://www.ems.com.cn/english/?mailNum={}",
    "EMS": "https://www.ems.com.cn/english/?mailNum={}",
    "SF Express": "https://www.sf-express.com/chn/en/waybill/waybill-detail/{}",
    "Yun Express": "https://www.yuntrack.com/parcelTracking?id={}",
    "Yanwen": "https://track.yw56.com.cn/en/querydel?nums={}",
    "4PX": "https://track.4px.com/#/result/0/{}",
    "YTO Express": "https://www.yto.net.cn/tracesimple.html?number={}",
    "ZTO Express": "https://www.zto.com/express/expressCheck.html?txtBill={}",
    "Yunda Express": "https://www.yundaex.com/cn/index.php?mailno={}",
    "STO Express": "https://www.sto.cn/query?mailNo={}",
    "JD Logistics": "https://www.jdl.com/orderSearch?waybillCodes={}",
    "Cainiao": "https://global.cainiao.com/newDetail.htm?mailNoList={}",
    "SAGAWA": "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={}",
    "YAMATO": "https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id={}",
    "Japan Post": "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={}",
    "Australia Post": "https://auspost.com.au/mypost/track/#/details/{}",
    "Deutsche Post": "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={}",
    "DPD": "https://tracking.dpd.de/status/en_US/parcel/{}",
    "GLS": "https://gls-group.eu/track/{}",
    "La Poste": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "Colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "Correos": "https://www.correos.es/es/en/tools/tracker/items/details?tracking-number={}",
    "Poste Italiane": "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{}",
    "PostNL": "https://www.internationalparceltracking.com/Main.aspx#/track/{}",
    "InPost": "https://inpost.pl/en/find-parcel?number={}",
    "PostNord": "https://tracking.postnord.com/tracking.html?id={}",
    "Aramex": "https://www.aramex.com/track/results?ShipmentNumber={}",
    "Delhivery": "https://www.delhivery.com/track-v2/package/{}",
    "BlueDart": "https://www.bluedart.com/trackdartresultthirdparty?trackFor=0&trackNo={}",
    "Ninja Van": "https://www.ninjavan.co/en-sg/tracking?id={}",
    "Singapore Post": "https://www.singpost.com/track-items?trackingNumber={}",
    "Correios": "https://rastreamento.correios.com.br/app/index.php?objetos={}",
}  # where a parcel can be followed

_NAMES = (
    ("USPS", "USPS", "US", "美国邮政"),
    ("UPS", "UPS", "", ""),
    ("UPSMI", "UPS Mail Innovations", "US", ""),
    ("FedEx", "FedEx", "", "联邦快递"),
    ("DHL", "DHL Express", "", "敦豪"),
    ("DHL eCommerce", "DHL eCommerce", "", ""),
    ("OnTrac", "OnTrac", "US", ""),
    ("AMZN_US", "Amazon Shipping", "US", "亚马逊物流"),
    ("Royal Mail", "Royal Mail", "GB", ""),
    ("Hermes", "Evri (Hermes)", "GB", ""),
    ("Canada Post", "Canada Post", "CA", ""),
    ("China Post", "China Post", "CN", "中国邮政"),
    ("EMS", "EMS", "CN", "邮政特快专递"),
    ("SF Express", "SF Express", "CN", "顺丰速运"),
    ("Yun Express", "YunExpress", "CN", "云途物流"),
    ("Yanwen", "Yanwen", "CN", "燕文物流"),
    ("4PX", "4PX", "CN", "递四方"),
    ("YTO Express", "YTO Express", "CN", "圆通速递"),
    ("ZTO Express", "ZTO Express", "CN", "中通快递"),
    ("Yunda Express", "Yunda Express", "CN", "韵达速递"),
    ("STO Express", "STO Express", "CN", "申通快递"),
    ("JD Logistics", "JD Logistics", "CN", "京东物流"),
    ("Cainiao", "Cainiao", "CN", "菜鸟"),
    ("Hongkong Post", "Hongkong Post", "HK", "香港邮政"),
    ("SAGAWA", "Sagawa Express", "JP", "佐川急便"),
    ("YAMATO", "Yamato Transport", "JP", "黑猫宅急便"),
    ("Japan Post", "Japan Post", "JP", "日本邮政"),
    ("Australia Post", "Australia Post", "AU", ""),
    ("Deutsche Post", "Deutsche Post", "DE", ""),
    ("DPD", "DPD", "", ""),
    ("GLS", "GLS", "", ""),
    ("La Poste", "La Poste", "FR", ""),
    ("Colissimo", "Colissimo", "FR", ""),
    ("Correos", "Correos", "ES", ""),
    ("Poste Italiane", "Poste Italiane", "IT", ""),
    ("PostNL", "PostNL", "NL", ""),
    ("InPost", "InPost", "PL", ""),
    ("PostNord", "PostNord", "SE", ""),
    ("Aramex", "Aramex", "AE", ""),
    ("Delhivery", "Delhivery", "IN", ""),
    ("BlueDart", "Blue Dart", "IN", ""),
    ("India Post", "India Post", "IN", ""),
    ("Ninja Van", "Ninja Van", "SG", ""),
    ("Singapore Post", "Singapore Post", "SG", ""),
    ("Correios", "Correios", "BR", ""),
    (OTHER, "Other", "", "其他"),
)

CARRIERS: dict[str, Carrier] = {
    code: Carrier(code, name, country, chinese, _PAGES.get(code, ""))
    for code, name, country, chinese in _NAMES
}


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


_BY_NAME: dict[str, Carrier] = {
    **{
        _plain(text): carrier
        for carrier in CARRIERS.values()
        for text in (carrier.code, carrier.name, carrier.chinese)
        if text
    },
    "evri": CARRIERS["Hermes"],
    "顺丰": CARRIERS["SF Express"],
    "圆通": CARRIERS["YTO Express"],
    "中通": CARRIERS["ZTO Express"],
    "韵达": CARRIERS["Yunda Express"],
    "申通": CARRIERS["STO Express"],
    "京东": CARRIERS["JD Logistics"],
    "云途": CARRIERS["Yun Express"],
    "燕文": CARRIERS["Yanwen"],
}


def find_carrier(text: str) -> Carrier | None:
    """The carrier meant by a code or a name, whatever its case and blanks; None when it is none of ours."""
    return _BY_NAME.get(_plain(text))
