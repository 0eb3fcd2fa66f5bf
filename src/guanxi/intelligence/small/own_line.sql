-- lines written down here in the form of the fact; the customer's number stands for the party
select
  cast(source_key as bigint) as party_key,
  source,
  order_id,
  product_id,
  ordered_at,
  quantity,
  revenue,
  is_return,
  revenue as amount,
  currency
from purchase
