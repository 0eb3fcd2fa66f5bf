-- High where the score is above the average score: score > total / customers, without the division.
select
    customer_id,
    r,
    f,
    m,
    case when r * $customers > $r_total then 'H' else 'L' end
        || case when f * $customers > $f_total then 'H' else 'L' end
        || case when m * $customers > $m_total then 'H' else 'L' end as rfm_group
from score
