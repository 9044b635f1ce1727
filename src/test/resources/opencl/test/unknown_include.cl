// The file does not exist.

#include "test/nowhere.clh"
