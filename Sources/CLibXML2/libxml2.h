#include <libxml/xmlversion.h>
// Without ICU's types, which only declarations that nobody here uses need: Foundation brings a
// version of them of its own, and the two cannot stand in one program.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
