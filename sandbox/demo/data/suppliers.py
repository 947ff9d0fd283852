"""Suppliers with what they sell and how well they keep their word."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Supplier:
    """``on_time`` is the share of receipts on the promised day or earlier, 0 to 1.

    ``habit`` is what else he is known for: moves his dates (slips), sends more than
    ordered (over), never brings one order (never), gets dearer (creeps), delivers in
    two parts (splits), sends what has to go back (rejects).
    """

    name: str
    city: str
    country: str
    contact: str
    products: tuple
    lead_days: int
    on_time: float
    habit: str = ""


SUPPLIERS = (
    Supplier("Chung Hsin Steel Laminations", "Kaohsiung", "tw", "Lai Chun-Wei", ("RM-LAM",), 21, 0.92),
    Supplier("Foshan Hengda Stamping", "Foshan", "cn", "He Jianguo", ("RM-LAM",), 28, 0.70, "slips"),
    Supplier("Ta Ya Copper Products", "Tainan", "tw", "Su Pei-Shan", ("RM-CUW",), 14, 0.95),
    Supplier("Jiangsu Ruili Magnet Wire", "Suzhou", "cn", "Xu Lei", ("RM-CUW",), 24, 0.78, "creeps"),
    Supplier("Hengdian Magnetic Works", "Dongyang", "cn", "Jin Fang", ("RM-MAG",), 30, 0.66, "never"),
    Supplier("Daesung Ferrite", "Gumi", "kr", "Park Ji-Hoon", ("RM-MAG",), 26, 0.60, "splits"),
    Supplier("Kansai Bearing Trading", "Osaka", "jp", "Mori Kenji", ("RM-BRG",), 18, 0.97),
    Supplier("Ningbo Yonghua Bearing", "Ningbo", "cn", "Shen Yun", ("RM-BRG",), 22, 0.81, "over"),
    Supplier("Delos Power Electronics", "Taoyuan", "tw", "Kuo Shih-Han", ("RM-DRV",), 28, 0.74),
    Supplier("Shenzhen Kaixin Drives", "Shenzhen", "cn", "Luo Jing", ("RM-DRV",), 20, 0.58, "slips"),
    Supplier("Formosa Resin Supply", "Mailiao", "tw", "Chiu Wen-Bin", ("RM-ABS",), 12, 0.93),
    Supplier("Saigon Polymer", "Bien Hoa", "vn", "Pham Quoc Bao", ("RM-ABS",), 15, 0.84, "creeps"),
    Supplier("Guangdong Xingfa Profiles", "Foshan", "cn", "Deng Hao", ("RM-ALU",), 18, 0.80, "never"),
    Supplier("Dong Nai Aluminium", "Bien Hoa", "vn", "Vo Minh Tam", ("RM-ALU",), 16, 0.86, "rejects"),
    Supplier("Zhongshan Brightway Lighting", "Zhongshan", "cn", "Feng Yan", ("VA-LK24", "VA-RC01"), 15, 0.76, "over"),
)
