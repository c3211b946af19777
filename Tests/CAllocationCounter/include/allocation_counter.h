#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// How often this thread has called malloc, calloc, realloc or an aligned variant.
long allocation_count(void);

#endif
