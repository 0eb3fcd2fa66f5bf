"""A company small enough to work out by hand: two source systems, seven records, five customers."""

from __future__ import annotations

from pathlib import Path

SHOP_CUSTOMERS = """\
key,name,phone,verified,mail,province,city,owner,joined
1,王伟,13800138001,1,w1@example.com,浙江省,杭州,S01,2024-01-05
2,李娜,13800138002,1,,Shanghai,上海,S02,2024-02-01
3,John Smith,+44 20 7946 0958,1,john@example.com,,,S02,2024-03-01
4,张敏,,0,,,,,not a date
5,赵强,13800138005,0,,福建,厦门,,2025-10-01
"""
SHOP_ORDERS = """\
order,customer,day,sku,quantity,amount
A1,1,2025-02-01 10:00:00,POT,1,120.00
A2,1,2025-06-01 11:30:00,CUP,4,80.50
A3,1,2025-11-20 09:00:00,CUP,2,40.25
A4,2,2024-05-01 12:00:00,POT,1,120.00
A5,3,2025-12-01 08:00:00,TRAY,1,300.00
R5,3,2025-12-05 08:00:00,TRAY,-1,-300.00
A6,,2025-12-24 18:00:00,CUP,1,20.00
"""
SHOP_PRODUCTS = """\
sku,name,kind
POT,紫砂壶,茶壶
CUP,品茗杯,茶杯
TRAY,竹茶盘,茶盘
"""
STORE_MEMBERS = """\
会员号;姓名;手机;省份;类型
M1;王 伟;138-0013-8001;浙江;个人
M2;李娜;13900139002;上海;个人
M3;听雨茶业有限公司;057188880000;浙江;企业
"""
SHOP_CONTRACT = """\
name = "shop"
title = { zh = "网店", en = "Web shop" }
priority = 10
timezone = "Asia/Shanghai"
currency = "CNY"

[[feed]]
name = "customers"
path = "customers.csv"
format = "csv"
delivery = "full"
date_formats = ["%Y-%m-%d"]
[feed.customer]
key = "key"
name = "name"
phone = { column = "phone", verified = "verified" }
email = { column = "mail", verified = true }
province = "province"
city = "city"
owner = "owner"
created_on = "joined"

[[feed]]
name = "orders"
path = "orders.csv"
format = "csv"
delivery = "full"
date_formats = ["%Y-%m-%d %H:%M:%S"]
[feed.purchase]
customer = "customer"
order = "order"
product = "sku"
ordered_at = "day"
quantity = "quantity"
revenue = "amount"
[feed.purchase.returns]
when = [ { column = "order", op = "starts_with", value = "R" } ]
sign = "as_is"

[[feed]]
name = "products"
path = "products.csv"
format = "csv"
delivery = "full"
[feed.product]
key = "sku"
name = "name"
category = "kind"
"""
STORE_CONTRACT = """\
name = "store"
title = { zh = "门店", en = "Stores" }
priority = 20
timezone = "Asia/Shanghai"
currency = "CNY"

[[feed]]
name = "members"
path = "members.csv"
format = "csv"
delimiter = ";"
encoding = "gb18030"
delivery = "full"
[feed.customer]
key = "会员号"
kind = { column = "类型", map = { "个人" = "person", "企业" = "organisation" } }
name = "姓名"
phone = { column = "手机", verified = true }
province = "省份"
"""


def write_small_company(folder: Path) -> list[Path]:
    """Write the source files and return the contracts."""
    for name, text, encoding in (
        ("shop.toml", SHOP_CONTRACT, "utf-8"),
        ("customers.csv", SHOP_CUSTOMERS, "utf-8"),
        ("orders.csv", SHOP_ORDERS, "utf-8"),
        ("products.csv", SHOP_PRODUCTS, "utf-8"),
        ("store.toml", STORE_CONTRACT, "utf-8"),
        ("members.csv", STORE_MEMBERS, "gb18030"),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode(encoding))
    return [folder / "shop.toml", folder / "store.toml"]
