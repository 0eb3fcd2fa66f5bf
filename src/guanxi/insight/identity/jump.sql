-- Every node points where its parent points: twice as far as before.
select pointer.node, next.parent
from pointer
join pointer as next on next.node = pointer.parent
