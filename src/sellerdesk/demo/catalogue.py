"""What the two demonstration sellers sell: SKUs, ASINs, titles in the marketplaces' languages, prices."""

from dataclasses import dataclass
from random import Random

from sellerdesk.domain.money import exponent


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `cents` is its price in US cents; `titles` maps a language (BCP 47 primary) to its title."""

    sku: str
    asin: str
    cents: int
    titles: dict[str, str]

    def title(self, language: str) -> str:
        """The title in a language such as "de-DE"; English where we have no other."""
        return self.titles.get(language.partition("-")[0], self.titles["en"])


# What one US dollar buys, in hundredths of a major unit: prices need to look right, not to be exchanged.
_RATES = {
    "USD": 100, "CAD": 136, "MXN": 1720, "EUR": 92, "GBP": 79, "JPY": 15000,
    "BRL": 505, "AUD": 151, "SAR": 375, "AED": 367, "SGD": 134,
}  # fmt: skip


def price(cents: int, currency: str) -> int:
    """A price in minor units of a currency, rounded the way shops do."""
    minor = cents * _RATES[currency] * int(10 ** exponent(currency)) // 10_000
    if exponent(currency) == 0:
        return max(80, minor // 10 * 10 - 20)
    return max(99, minor // 100 * 100 - 1)


HARBOR = (
    Product("HP-CNDL-CEDAR-8", "B0C4HP1CDR", 2499, {
        "en": "Harbor & Pine Soy Candle, Cedar & Sea Salt, 8 oz, 45 Hour Burn",
        "de": "Harbor & Pine Sojakerze, Zeder & Meersalz, 227 g, 45 Stunden Brenndauer",
        "es": "Harbor & Pine Vela de soja, cedro y sal marina, 227 g"}),
    Product("HP-CNDL-FIR-8", "B0C4HP2FIR", 2499, {
        "en": "Harbor & Pine Soy Candle, Balsam Fir, 8 oz, Cotton Wick",
        "de": "Harbor & Pine Sojakerze, Balsamtanne, 227 g, Baumwolldocht"}),
    Product("HP-BLKT-WOOL-GRY", "B0C4HP3WLG", 8950, {
        "en": "Harbor & Pine Merino Wool Throw Blanket, 50 x 70 in, Fog Grey",
        "de": "Harbor & Pine Wolldecke aus Merino, 127 x 178 cm, Nebelgrau",
        "es": "Harbor & Pine Manta de lana merino, 127 x 178 cm, gris"}),
    Product("HP-MUG-STONE-2", "B0C4HP4MUG", 3400, {
        "en": "Harbor & Pine Stoneware Mugs, Set of 2, 14 oz, Speckled White",
        "de": "Harbor & Pine Steingutbecher, 2er-Set, 400 ml, weiß gesprenkelt"}),
    Product("HP-BRD-MAPLE-L", "B0C4HP5BRD", 5600, {
        "en": "Harbor & Pine Maple Cutting Board with Juice Groove, 18 x 12 in",
        "de": "Harbor & Pine Schneidebrett aus Ahorn mit Saftrille, 46 x 30 cm"}),
    Product("HP-APRN-LIN-NVY", "B0C4HP6APR", 4200, {
        "en": "Harbor & Pine Linen Apron with Pockets, Navy",
        "de": "Harbor & Pine Leinenschürze mit Taschen, Marineblau"}),
    Product("HP-LNTRN-BRASS", "B0C4HP7LNT", 7400, {
        "en": "Harbor & Pine Brass Storm Lantern, 11 in, Indoor and Outdoor",
        "de": "Harbor & Pine Sturmlaterne aus Messing, 28 cm"}),
    Product("HP-TWL-WAFFLE-4", "B0C4HP8TWL", 2850, {
        "en": "Harbor & Pine Waffle Weave Kitchen Towels, Organic Cotton, Pack of 4",
        "de": "Harbor & Pine Geschirrtücher in Waffelbindung, Bio-Baumwolle, 4 Stück"}),
    Product("HP-SOAP-OAT-3", "B0C4HP9SOP", 1650, {
        "en": "Harbor & Pine Oatmeal Bar Soap, Unscented, 3 x 5 oz",
        "de": "Harbor & Pine Haferseife ohne Duft, 3 x 142 g"}),
    Product("HP-PLNTR-TERRA-6", "B0C4HPAPLT", 3150, {
        "en": "Harbor & Pine Terracotta Planter with Saucer, 6 in",
        "de": "Harbor & Pine Pflanztopf aus Terrakotta mit Untersetzer, 15 cm"}),
)  # fmt: skip

YUNFAN = (
    Product("YF-HUB-7IN1-GY", "B0D7YF1HUB", 3599, {
        "en": "Yunfan 7-in-1 USB-C Hub, 4K 60 Hz HDMI, 100 W Power Delivery, Space Grey",
        "ja": "Yunfan 7-in-1 USB-C ハブ 4K 60Hz HDMI 100W PD対応 スペースグレー",
        "de": "Yunfan 7-in-1-USB-C-Hub, 4K 60 Hz HDMI, 100 W Power Delivery, Space Grau",
        "pt": "Yunfan Hub USB-C 7 em 1, HDMI 4K 60 Hz, 100 W, cinza espacial",
        "ar": "موزع يونفان 7 في 1 بمنفذ USB-C مع HDMI بدقة 4K، رمادي"}),
    Product("YF-CHG-GAN65-WH", "B0D7YF2GAN", 4299, {
        "en": "Yunfan 65 W GaN Charger, 3 Ports, Foldable Plug, White",
        "ja": "Yunfan 65W GaN 急速充電器 3ポート 折りたたみ式プラグ PSE認証 ホワイト",
        "de": "Yunfan 65-W-GaN-Ladegerät, 3 Anschlüsse, Weiß",
        "pt": "Yunfan Carregador GaN 65 W, 3 portas, branco",
        "ar": "شاحن يونفان GaN بقدرة 65 واط، 3 منافذ، أبيض"}),
    Product("YF-CBL-C2C-2M-2", "B0D7YF3CBL", 1299, {
        "en": "Yunfan USB-C to USB-C Cable, 100 W, 6.6 ft, Braided, 2 Pack",
        "ja": "Yunfan USB-C to USB-C ケーブル 100W 2m 編み込み 2本セット",
        "de": "Yunfan USB-C-auf-USB-C-Kabel, 100 W, 2 m, geflochten, 2er-Pack",
        "pt": "Yunfan Cabo USB-C para USB-C, 100 W, 2 m, 2 unidades",
        "ar": "كابل يونفان USB-C إلى USB-C بقدرة 100 واط، 2 متر، قطعتان"}),
    Product("YF-LMP-DESK-BK", "B0D7YF4LMP", 4599, {
        "en": "Yunfan LED Desk Lamp with Wireless Charger, 5 Colour Modes, Black",
        "ja": "Yunfan LEDデスクライト ワイヤレス充電付き 5色調光 ブラック",
        "de": "Yunfan LED-Schreibtischlampe mit kabellosem Ladegerät, 5 Farbmodi, Schwarz",
        "pt": "Yunfan Luminária de mesa LED com carregador sem fio, preta",
        "ar": "مصباح مكتب LED من يونفان مع شاحن لاسلكي، أسود"}),
    Product("YF-STND-LAP-SL", "B0D7YF5STD", 2899, {
        "en": "Yunfan Aluminium Laptop Stand, Adjustable, 10 to 17 in, Silver",
        "ja": "Yunfan ノートパソコンスタンド アルミ製 高さ調整可能 10〜17インチ シルバー",
        "de": "Yunfan Laptopständer aus Aluminium, verstellbar, 10 bis 17 Zoll, Silber",
        "pt": "Yunfan Suporte de alumínio para notebook, ajustável, prata",
        "ar": "حامل لابتوب من الألومنيوم قابل للتعديل من يونفان، فضي"}),
    Product("YF-EAR-ANC-BK", "B0D7YF6EAR", 5999, {
        "en": "Yunfan Wireless Earbuds, Active Noise Cancelling, 36 h, IPX5, Black",
        "ja": "Yunfan ワイヤレスイヤホン アクティブノイズキャンセリング 36時間再生 IPX5 ブラック",
        "de": "Yunfan kabellose Ohrhörer, aktive Geräuschunterdrückung, 36 Std., IPX5, Schwarz",
        "pt": "Yunfan Fones sem fio com cancelamento de ruído, 36 h, preto",
        "ar": "سماعات يونفان اللاسلكية بخاصية إلغاء الضوضاء، أسود"}),
    Product("YF-KBD-MECH75-BL", "B0D7YF7KBD", 7999, {
        "en": "Yunfan 75 % Mechanical Keyboard, Hot-Swappable, Tri-Mode, Blue",
        "ja": "Yunfan 75% メカニカルキーボード ホットスワップ対応 3モード接続 ブルー",
        "de": "Yunfan 75-%-Mechanische Tastatur, Hot-Swap, 3 Modi, Blau",
        "pt": "Yunfan Teclado mecânico 75 %, hot-swap, azul",
        "ar": "لوحة مفاتيح ميكانيكية 75٪ من يونفان، أزرق"}),
    Product("YF-PWR-20K-BK", "B0D7YF8PWR", 3999, {
        "en": "Yunfan Power Bank 20,000 mAh, 45 W, Digital Display, Black",
        "ja": "Yunfan モバイルバッテリー 20000mAh 45W デジタル表示 PSE認証 ブラック",
        "de": "Yunfan Powerbank 20.000 mAh, 45 W, Digitalanzeige, Schwarz",
        "pt": "Yunfan Power bank 20.000 mAh, 45 W, preto",
        "ar": "بطارية متنقلة من يونفان 20000 مللي أمبير، أسود"}),
)  # fmt: skip


def pick(source: Random, products: tuple[Product, ...]) -> Product:
    """A product; the first ones of a range sell best."""
    return products[min(source.randrange(len(products)), source.randrange(len(products)))]
