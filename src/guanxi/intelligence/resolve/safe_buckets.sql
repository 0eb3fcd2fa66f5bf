-- in a component with conflicting certificates only the certificates count
select bucket.record, bucket.bucket
from bucket
left join connected on connected.record = bucket.record
left join conflict on conflict.component = connected.component
where bucket.is_certificate or conflict.component is null
