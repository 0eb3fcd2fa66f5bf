-- components that a chain of contacts tied together although two certificates in them differ
select component
from (
  select connected.component, keyed.certificate_type, count(distinct keyed.certificate_key) as certificates
  from connected
  inner join keyed on keyed.party_key = connected.record
  where keyed.certificate_key is not null
  group by connected.component, keyed.certificate_type
) as counted
where certificates > 1
group by component
