-- what each record says of own fields, as JSON
select source, source_key, '{' || gx_joined_by('"' || field || '":' || value, field) || '}' as custom
from own_told
where value is not null
group by source, source_key
