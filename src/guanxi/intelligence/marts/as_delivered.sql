-- purchase lines that are all in the company's currency
select
  source,
  source_key,
  order_id,
  product_id,
  ordered_at,
  quantity,
  revenue as amount,
  currency,
  revenue,
  is_return
from purchase
