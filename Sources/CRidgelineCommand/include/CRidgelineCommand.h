// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// What the command cannot say in Swift: libpng, whose errors jump, and the arguments as the system handed them over.
#ifndef RIDGELINE_COMMAND_H
#define RIDGELINE_COMMAND_H

#include <stddef.h>

/// Decodes a PNG file in memory to red, green and blue of 8 bits: 16 bits are rounded, grey becomes three equal
/// colours, palettes are looked up, opacity is dropped and nothing corrected. `pixels` has room for
/// 3·width·height bytes, which is what the file's header must say.
///
/// Returns 0, or −1 with the reason in `message`.
int ridgeline_png_decode(const unsigned char *file, size_t count, size_t width, size_t height,
                         unsigned char *pixels, char *message, size_t message_size);

/// The arguments of the process, that of its name first, as bytes that end in zero; null where the C library does
/// not tell. Unlike what Swift gives, they do not depend on /proc and are not repaired where they are no UTF-8.
char *const *ridgeline_arguments(int *count);

#endif
