// Part of Ridgeline. Licensed under the Apache License 2.0.

#include "CRidgelineCommand.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

// libpng's simplified interface would need no jumps, but decodes interlaced images of 16 bits wrongly in releases that
// are in use (1.6.39, and before 1.6.51 beyond the end of a row).

typedef struct {
    jmp_buf start;
    char *message;
    size_t message_size;
} failure;

typedef struct {
    const unsigned char *bytes;
    size_t count;
} source;

static void fail(png_structp png, png_const_charp reason) {
    failure *failed = png_get_error_ptr(png);
    snprintf(failed->message, failed->message_size, "%s", reason);
    longjmp(failed->start, 1);
}

static void ignore(png_structp png, png_const_charp warning) {
    (void)png;
    (void)warning;
}

static void take(png_structp png, png_bytep bytes, size_t count) {
    source *file = png_get_io_ptr(png);
    if (count > file->count) png_error(png, "the file ends too early");
    memcpy(bytes, file->bytes, count);
    file->bytes += count;
    file->count -= count;
}

static void decode(png_structp png, png_infop info, size_t width, size_t height, unsigned char *pixels) {
    png_set_benign_errors(png, 1);
    png_read_info(png, info);
    if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height)
        png_error(png, "the header is not the one that was read first");
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_strip_alpha(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != 3 * width) png_error(png, "rows are not of three colours");
    // A pass adds its pixels to those of the passes before.
    for (int pass = 0; pass < passes; pass++)
        for (size_t row = 0; row < height; row++) png_read_row(png, pixels + 3 * width * row, NULL);
    png_read_end(png, NULL);
}

int ridgeline_png_decode(const unsigned char *bytes, size_t count, size_t width, size_t height,
                         unsigned char *pixels, char *message, size_t message_size) {
    source file = {bytes, count};
    failure failed = {.message = message, .message_size = message_size};
    png_structp volatile png = NULL;
    png_infop volatile info = NULL;
    int result = -1;
    if (setjmp(failed.start) == 0) {
        png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failed, fail, ignore);
        info = png ? png_create_info_struct(png) : NULL;
        if (info) {
            png_set_read_fn(png, &file, take);
            decode(png, info, width, height, pixels);
            result = 0;
        } else {
            snprintf(message, message_size, "libpng does not start");
        }
    }
    png_structp made = png;
    png_infop made_info = info;
    if (made) png_destroy_read_struct(&made, &made_info, NULL);
    return result;
}
