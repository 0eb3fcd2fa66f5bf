select count(*) as nodes
from pointer
join pointer as next on next.node = pointer.parent
where next.parent <> pointer.parent
