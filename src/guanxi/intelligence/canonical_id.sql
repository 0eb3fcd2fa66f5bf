-- a customer named by the smallest source key, which no run changes; a number given here only where there is no other
select
  customer_id,
  coalesce(
    min(case when source <> $own_source then source || '/' || source_key end),
    min(source || '/' || source_key)
  ) as canonical_id
from customer_xref
group by customer_id
