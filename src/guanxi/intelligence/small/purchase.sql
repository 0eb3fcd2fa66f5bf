-- all purchases of some customers: those of the sources from the snapshot, and what was written down here until now
select wanted.customer_id, fact.ordered_at, fact.revenue, fact.is_return, fact.is_void
from fact_purchase as fact
inner join wanted on wanted.party_key = fact.party_key
where fact.source <> $own_source
union all
select customer_id, ordered_at, revenue, is_return, is_void
from own_basket
