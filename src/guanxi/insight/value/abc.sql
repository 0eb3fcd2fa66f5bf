select
    customer_id,
    spend,
    case when spend >= $a_from then 'A' when spend >= $b_from then 'B' else 'C' end as abc
from spend
