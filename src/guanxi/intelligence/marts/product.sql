-- products: the name and category most often given; a product only sold is listed without a name
with named as (
  select
    product_id,
    name,
    row_number() over (partition by product_id order by sum(uses) desc, name) as place
  from product
  where name is not null
  group by product_id, name
),
filed as (
  select
    product_id,
    category,
    row_number() over (partition by product_id order by sum(uses) desc, category) as place
  from product
  where category is not null
  group by product_id, category
),
known as (
  select distinct product_id from product
  union
  select distinct product_id from fact_purchase_line where product_id is not null
)
select known.product_id, named.name, filed.category
from known
left join named on named.product_id = known.product_id and named.place = 1
left join filed on filed.product_id = known.product_id and filed.place = 1
