select
    customer_id,
    spend,
    case
        when spend >= $vip_from then 'vip'
        when spend >= $major_from then 'major'
        when spend >= $regular_from then 'regular'
        when spend > 0 then 'small'
    end as tier
from spend
