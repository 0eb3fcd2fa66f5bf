-- High where the score is above the average score: score > total / customers, without the division.
select
    customer_id,
    r,
    f,
    m,
    case when cast(r as bigint) * $customers > $r_total then 'H' else 'L' end
        || case when cast(f as bigint) * $customers > $f_total then 'H' else 'L' end
        || case when cast(m as bigint) * $customers > $m_total then 'H' else 'L' end as rfm_group
from score
