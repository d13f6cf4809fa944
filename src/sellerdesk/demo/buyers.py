"""Buyers and where they live, per country. All invented: mail goes to `.example`, which nobody can receive."""

from dataclasses import dataclass
from random import Random

from sellerdesk.domain.orders import Address, Buyer


@dataclass(frozen=True, slots=True)
class Country:
    """Names and places of one country. A place is (city, state, postal code)."""

    names: tuple[str, ...]
    streets: tuple[str, ...]  # `{}` is the house number
    places: tuple[tuple[str, str, str], ...]
    phone: str  # `{}` is four digits
    second_lines: tuple[str, ...] = ("",)
    districts: tuple[str, ...] = ("",)


COUNTRIES: dict[str, Country] = {
    "US": Country(
        ("Emily Carter", "Marcus Reyes", "Olivia Bennett", "James O'Connor", "Priya Natarajan", "Daniel Kim",
         "Sofia Ramirez", "William Thornton", "Grace Okafor", "Hannah Weiss", "Li Wei", "Tyler Brooks"),
        ("{} Maple Street", "{} Ocean Avenue", "{} W 4th St", "{} Juniper Lane", "{} Old Mill Road"),
        (("Portland", "OR", "97205"), ("Austin", "TX", "78704"), ("Brooklyn", "NY", "11215"), ("Madison",
         "WI", "53703"),
         ("San Diego", "CA", "92103"), ("Savannah", "GA", "31401"), ("Boise", "ID", "83702"), ("Honolulu",
          "HI", "96815")),
        "+1 206-555-{}", ("", "", "Apt 3B", "Unit 12", "c/o Front Desk"),
    ),
    "CA": Country(
        ("Chloé Tremblay", "Liam MacDonald", "Amélie Gagnon", "Noah Singh", "Zoe Campbell", "Étienne Lavoie"),
        ("{} Rue Saint-Denis", "{} King Street West", "{} Granville St", "{} Elbow Drive SW"),
        (("Montréal", "QC", "H2X 3K8"), ("Toronto", "ON", "M5V 1J5"), ("Vancouver", "BC", "V6Z 1L2"),
         ("Calgary", "AB", "T2S 0B5")),
        "+1 604-555-{}", ("", "Suite 400"),
    ),
    "MX": Country(
        ("María Fernanda López", "José Luis Hernández", "Ximena Castillo", "Andrés Muñoz"),
        ("Av. Insurgentes Sur {}", "Calle Reforma {}", "Calzada Independencia {}"),
        (("Ciudad de México", "CDMX", "03100"), ("Guadalajara", "Jalisco", "44100"), ("Monterrey",
         "Nuevo León", "64000")),
        "+52 55 5555 {}", ("", "Int. 4"), ("Del Valle", "Centro", "Obispado"),
    ),
    "GB": Country(
        ("Charlotte Davies", "Oliver Whitcombe", "Aisha Rahman", "Rhys Llewellyn", "Fiona MacLeod"),
        ("{} Church Lane", "{} Station Road", "Flat 2, {} Victoria Terrace"),
        (("Bristol", "", "BS1 4QA"), ("Leeds", "", "LS1 2TW"), ("Edinburgh", "", "EH1 1RE"), ("Cardiff", "",
         "CF10 1BH")),
        "+44 20 7946 {}",
    ),
    "DE": Country(
        ("Jürgen Müller", "Anneliese Größmann", "Max Schäfer", "Katharina von Weizsäcker", "Björn Krüger",
         "Ayşe Yıldız"),
        ("Lindenstraße {}", "Münchner Straße {}", "Am Bäckeranger {}", "Schloßallee {}"),
        (("Berlin", "", "10969"), ("München", "", "80331"), ("Köln", "", "50667"), ("Düsseldorf", "",
         "40213"), ("Görlitz", "", "02826")),
        "+49 30 5550 {}", ("", "", "Hinterhaus, 2. OG", "Packstation 142"),
    ),
    "JP": Country(
        ("佐藤 美咲", "鈴木 健太", "高橋 由美子", "田中 翔", "渡辺 さくら", "伊藤 大輔", "山本 結衣"),
        ("神南{}-12", "本町{}-5-3", "中央{}-8-21", "栄{}-2-14"),
        (("渋谷区", "東京都", "150-0041"), ("大阪市中央区", "大阪府", "541-0053"),
         ("札幌市中央区", "北海道", "060-0042"),
         ("名古屋市中区", "愛知県", "460-0008"), ("福岡市博多区", "福岡県", "812-0011")),
        "03-5550-{}", ("", "グリーンハイツ 203号室", "桜マンション 1105"),
    ),
    "AU": Country(
        ("Matilda Hughes", "Jack Nguyen", "Ruby Papadopoulos", "Cooper Walsh", "Isla Fraser"),
        ("{} Wattle Street", "{} Esplanade", "Unit 5, {} Chapel Street"),
        (("Sydney", "NSW", "2000"), ("Fitzroy", "VIC", "3065"), ("Fremantle", "WA", "6160"), ("Hobart", "TAS",
         "7000")),
        "+61 2 5550 {}",
    ),
    "BR": Country(
        ("João Paulo Conceição", "Ana Beatriz Gonçalves", "Luís Araújo", "Márcia Simões", "Thiago Assunção"),
        ("Rua das Acácias, {}", "Avenida Paulista, {}", "Rua São João, {}"),
        (("São Paulo", "SP", "01310-100"), ("Belo Horizonte", "MG", "30130-010"), ("Florianópolis", "SC",
         "88010-400")),
        "+55 11 5555-{}", ("", "Apto 72", "Bloco B"), ("Bela Vista", "Centro", "Savassi"),
    ),
    "SA": Country(
        ("محمد العتيبي", "نورة القحطاني", "عبد الله الشهري", "فاطمة الزهراني"),
        ("{} طريق الملك فهد", "{} شارع التحلية", "{} شارع الأمير سلطان"),
        (("الرياض", "منطقة الرياض", "12211"), ("جدة", "منطقة مكة المكرمة", "23326")),
        "+966 11 555 {}",
    ),
}  # fmt: skip

_COMPANIES = {
    "US": "Blue Heron Café LLC", "DE": "Ingenieurbüro Größmann GmbH", "JP": "株式会社みらい設計",
    "AU": "Walsh & Fraser Pty Ltd",
    "CA": "Atelier Lavoie inc.", "GB": "Whitcombe Interiors Ltd", "BR": "Conceição Engenharia Ltda",
    "MX": "Estudio Castillo SA de CV",
    "SA": "مؤسسة العتيبي التجارية",
}  # fmt: skip


# Buyers who come again: all their orders are under one address, with which they can sign in to the portal.
REGULARS = {"Emily Carter": "emily.carter@buyers.example", "Li Wei": "li.wei@buyers.example"}


def contact(source: Random, country: str, *, business: bool = False, name: str = "") -> tuple[Buyer, Address]:
    """Somebody who buys there (`name`, or anybody), and the address to ship to."""
    book = COUNTRIES[country]
    name = name or source.choice(book.names)
    company = _COMPANIES[country] if business else ""
    city, state, postal_code = source.choice(book.places)
    phone = book.phone.format(f"{source.randrange(100, 9999):04d}")
    drawn = f"{source.randrange(16**10):010x}@buyers.example"
    buyer = Buyer(
        name=name,
        email=REGULARS.get(name, drawn),
        company=company,
        purchase_order=f"PO-{source.randrange(10_000, 99_999)}" if business else "",
    )
    address = Address(
        name=name,
        company=company,
        line1=source.choice(book.streets).format(source.randrange(1, 240)),
        line2=source.choice(book.second_lines),
        city=city,
        district=source.choice(book.districts),
        state=state,
        postal_code=postal_code,
        country=country,
        phone=phone,
        kind="Commercial" if business else "Residential",
    )
    return buyer, address
