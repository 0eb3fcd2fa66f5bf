-- a customer named by the smallest of its source keys, which no run changes
select customer_id, min(source || '/' || source_key) as canonical_id
from customer_xref
group by customer_id
