-- what was written down here, with the customer that lives today
select member.customer_id, fact.ordered_at, fact.revenue, fact.is_return, fact.is_void
from own_purchase as fact
inner join member on member.given_id = fact.party_key
