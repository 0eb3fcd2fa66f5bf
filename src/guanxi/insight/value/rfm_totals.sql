-- What the averages of the scores are made of; kept as whole numbers, so that comparing with them is exact.
select
    count(*) as customers,
    coalesce(sum(r), 0) as r_total,
    coalesce(sum(f), 0) as f_total,
    coalesce(sum(m), 0) as m_total
from score
