-- when each party bought first
select source, source_key, min(cast(ordered_at as date)) as first_bought_on
from purchase
where source_key is not null
group by source, source_key
