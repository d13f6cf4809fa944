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
    country: str = ""  # ISO 3166; "" for carriers at home in many countries
    url: str = ""
    chinese: str = ""


OTHER = "Other"  # a carrier of any other name: the name is then required

_C = Carrier
_ALL = (
    _C("USPS", "USPS", "US", "https://tools.usps.com/go/TrackConfirmAction?tLabels={}", "美国邮政"),
    _C("UPS", "UPS", "", "https://www.ups.com/track?tracknum={}"),
    _C("UPSMI", "UPS Mail Innovations", "US", "https://www.ups.com/track?tracknum={}"),
    _C("FedEx", "FedEx", "", "https://www.fedex.com/fedextrack/?trknbr={}", "联邦快递"),
    _C("DHL", "DHL Express", "", "https://www.dhl.com/en/express/tracking.html?AWB={}", "敦豪"),
    _C("DHL eCommerce", "DHL eCommerce", "", "https://webtrack.dhlecs.com/?trackingnumber={}"),
    _C("OnTrac", "OnTrac", "US", "https://www.ontrac.com/tracking/?number={}"),
    _C("AMZN_US", "Amazon Shipping", "US", "https://track.amazon.com/tracking/{}", "亚马逊物流"),
    _C("Royal Mail", "Royal Mail", "GB", "https://www.royalmail.com/track-your-item#/tracking-results/{}"),
    _C("Hermes", "Evri (Hermes)", "GB", "https://www.evri.com/track/parcel/{}"),
    _C("Canada Post", "Canada Post", "CA", "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}"),
    _C("China Post", "China Post", "CN", "https://www.ems.com.cn/english/?mailNum={}", "中国邮政"),
    _C("EMS", "EMS", "CN", "https://www.ems.com.cn/english/?mailNum={}", "邮政特快专递"),
    _C("SF Express", "SF Express", "CN", "https://www.sf-express.com/chn/en/waybill/waybill-detail/{}",
    "顺丰速运"), _C("Yun Express", "YunExpress", "CN", "https://www.yuntrack.com/parcelTracking?id={}", "云途物流"),
    _C("Yanwen", "Yanwen", "CN", "https://track.yw56.com.cn/en/querydel?nums={}", "燕文物流"), _C("4PX", "4PX",
    "CN", "https://track.4px.com/#/result/0/{}", "递四方"), _C("YTO Express", "YTO Express", "CN",
    "https://www.yto.net.cn/tracesimple.html?number={}", "圆通速递"), _C("ZTO Express", "ZTO Express", "CN",
    "https://www.zto.com/express/expressCheck.html?txtBill={}", "中通快递"), _C("Yunda Express", "Yunda
    Express", "CN", "https://www.yundaex.com/cn/index.php?mailno={}", "韵达速递"), _C("STO Express", "STO
    Express", "CN", "https://www.sto.cn/query?mailNo={}", "申通快递"), _C("JD Logistics", "JD Logistics", "CN",
    "https://www.jdl.com/orderSearch?waybillCodes={}", "京东物流"), _C("Cainiao", "Cainiao", "CN",
    "https://global.cainiao.com/newDetail.htm?mailNoList={}", "菜鸟"), _C("Hongkong Post", "Hongkong Post",
    "HK", "https://www.hongkongpost.hk/en/mail_tracking/index.html", "香港邮政"), _C("SAGAWA", "Sagawa Express",
    "JP", "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={}", "佐川急便"), _C("YAMATO", "Yamato
    Transport", "JP", "https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id={}", "黑猫宅急便"),
    _C("Japan Post", "Japan Post", "JP",
    "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={}", "日本邮政"), _C("Australia
    Post", "Australia Post", "AU", "https://auspost.com.au/mypost/track/#/details/{}"), _C("Deutsche Post",
    "Deutsche Post", "DE", "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={}"),
    _C("DPD", "DPD", "", "https://tracking.dpd.de/status/en_US/parcel/{}"), _C("GLS", "GLS", "",
    "https://gls-group.eu/track/{}"), _C("La Poste", "La Poste", "FR",
    "https://www.laposte.fr/outils/suivre-vos-envois?code={}"), _C("Colissimo", "Colissimo", "FR",
    "https://www.laposte.fr/outils/suivre-vos-envois?code={}"), _C("Correos", "Correos", "ES",
    "https://www.correos.es/es/en/tools/tracker/items/details?tracking-number={}"), _C("Poste Italiane",
    "Poste Italiane", "IT", "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{}"), _C("PostNL",
    "PostNL", "NL", "https://www.internationalparceltracking.com/Main.aspx#/track/{}"), _C("InPost",
    "InPost", "PL", "https://inpost.pl/en/find-parcel?number={}"), _C("PostNord", "PostNord", "SE",
    "https://tracking.postnord.com/tracking.html?id={}"), _C("Aramex", "Aramex", "AE",
    "https://www.aramex.com/track/results?ShipmentNumber={}"), _C("Delhivery", "Delhivery", "IN",
    "https://www.delhivery.com/track-v2/package/{}"), _C("BlueDart", "Blue Dart", "IN",
    "https://www.bluedart.com/trackdartresultthirdparty?trackFor=0&trackNo={}"), _C("India Post", "India
    Post", "IN"), _C("Ninja Van", "Ninja Van", "SG", "https://www.ninjavan.co/en-sg/tracking?id={}"),
    _C("Singapore Post", "Singapore Post", "SG", "https://www.singpost.com/track-items?trackingNumber={}"),
    _C("Correios", "Correios", "BR", "https://rastreamento.correios.com.br/app/index.php?objetos={}"),
    _C(OTHER, "Other", chinese="其他"), )  # fmt: skip

CARRIERS: dict[str, Carrier] = {carrier.code: carrier for carrier in _ALL}


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


_BY_NAME: dict[str, Carrier] = {
    **{
        _plain(text): carrier
        for carrier in _ALL
        for text in (carrier.code, carrier.name, carrier.chinese)
        if text
    },
    "evri": CARRIERS["Hermes"],
    "dhlexpress": CARRIERS["DHL"],
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
    """The carrier meant by a code or a name, in any case and with or without blanks; None when it is none of ours."""
    return _BY_NAME.get(_plain(text))
