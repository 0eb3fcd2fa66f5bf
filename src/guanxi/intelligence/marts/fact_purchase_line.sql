-- every purchase line with the integer key of its party; anonymous lines have none
select
  party.party_key,
  purchase.source,
  purchase.order_id,
  purchase.product_id,
  purchase.ordered_at,
  purchase.quantity,
  purchase.revenue,
  purchase.is_return,
  purchase.amount,
  purchase.currency
from purchase
left join party on party.source = purchase.source and party.source_key = purchase.source_key
