-- facts of a snapshot that was made before amounts had a currency of their own
select
    party_key,
    source,
    order_id,
    product_id,
    ordered_at,
    quantity,
    revenue,
    is_return,
    revenue as amount,
    cast(null as varchar) as currency
from fact_purchase_line
