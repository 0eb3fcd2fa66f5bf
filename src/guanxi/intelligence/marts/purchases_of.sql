-- one customer's orders, newest first
select purchase.ordered_at, purchase.source, purchase.order_id, purchase.revenue, purchase.lines, purchase.is_return,
  purchase.is_void
from fact_purchase as purchase
inner join customer_xref_by_party as xref on xref.party_key = purchase.party_key
where xref.customer_id = $customer_id
