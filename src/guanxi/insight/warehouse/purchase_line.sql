-- Facts keep the integer key of their party; whose party that is today, the cross-reference tells.
select
    xref.customer_id,
    fact.source,
    xref.source_key,
    fact.order_id,
    fact.product_id,
    fact.ordered_at,
    fact.quantity,
    fact.revenue,
    fact.is_return,
    fact.amount,
    fact.currency
from fact_purchase_line as fact
left join customer_xref_by_party as xref on xref.party_key = fact.party_key
