-- baskets: one row per party and order; an order all of whose purchases were taken back is void
with basket as (
  select
    party_key,
    source,
    order_id,
    min(ordered_at) as ordered_at,
    sum(revenue) as revenue,
    count(*) as lines,
    count(case when not is_return then 1 end) as bought,
    bool_and(is_return) as is_return
  from fact_purchase_line
  group by party_key, source, order_id
)
select
  basket.party_key,
  basket.source,
  basket.order_id,
  basket.ordered_at,
  cast(basket.revenue as decimal(18, 4)) as revenue,
  basket.lines,
  basket.is_return,
  coalesce(paired.paired = basket.bought, false) as is_void
from basket
left join paired_line as paired
  on paired.party_key = basket.party_key and paired.source = basket.source and paired.order_id = basket.order_id
