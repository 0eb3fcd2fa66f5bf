-- the orders of some parties that sources delivered; what was written down here is read where it is kept
select purchase.ordered_at, purchase.source, purchase.order_id, purchase.revenue, purchase.lines, purchase.is_return,
  purchase.is_void
from fact_purchase as purchase
inner join wanted on wanted.party_key = purchase.party_key
where purchase.source <> $own_source
