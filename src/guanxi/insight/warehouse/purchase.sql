select
    xref.customer_id,
    fact.source,
    fact.order_id,
    fact.ordered_at,
    fact.revenue,
    fact.lines,
    fact.is_return,
    fact.is_void
from fact_purchase as fact
left join customer_xref_by_party as xref on xref.party_key = fact.party_key
