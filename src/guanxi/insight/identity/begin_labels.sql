select distinct record, record as component
from edge
where record is not null
