-- the tier each of the three methods would give
select customer_id, 'pyramid' as method, tier from pyramid where tier is not null
union all
select customer_id, 'abc' as method, case abc when 'A' then 'major' when 'B' then 'regular' else 'small' end as tier
from abc
where abc is not null and spend > 0
union all
select
  customer_id,
  'rfm' as method,
  case
    when rfm_group = 'HHH' then 'vip'
    when rfm_group in ('HLH', 'LHH', 'LLH') then 'major'
    when rfm_group in ('HHL', 'LHL') then 'regular'
    else 'small'
  end as tier
from rfm
