// Calls of C interfaces, again and again, without Python between them: `speed.py` times single
// rows, which take less than a call from Python does.

#include <stdint.h>
#include <stdio.h>
#include <time.h>

// A function that scores the rows of one batch, given what it needs and the first row.
typedef int (*scorer)(const void *context, long first);

static double now(int is_processor_time) {
  struct timespec time;
  clock_gettime(is_processor_time ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

// A first call that takes more nanoseconds than this, and than all may, is the only one.
#define LONG_CALL 0.5e9

// The least nanoseconds a row of batches that follow one another through the rows, `calls` of them
// between two readings of the clock; negative where a call fails.
double least(scorer score, const void *context, long rows, long batch, long calls, double seconds,
             int is_processor_time) {
  double begin = now(0), best = 0;
  double start_of_first = now(is_processor_time);
  long first = 0;
  if (score(context, 0)) return -1;
  double end = now(0) + seconds * 1e9;
  if (now(0) - begin > LONG_CALL && now(0) - begin > seconds * 1e9) {
    return (now(is_processor_time) - start_of_first) / batch;
  }
  do {
    double start = now(is_processor_time);
    for (long call = 0; call < calls; call++) {
      if (score(context, first)) return -1;
      first = first + 2 * batch <= rows ? first + batch : 0;
    }
    double taken = (now(is_processor_time) - start) / ((double)calls * batch);
    if (best == 0 || taken < best) best = taken;
  } while (now(0) < end);
  return best;
}

// LGBM_BoosterPredictForMat.
struct lightgbm_matrix {
  int (*predict)(void *, const void *, int, int32_t, int32_t, int, int, int, int, const char *,
                 int64_t *, double *);
  void *booster;
  const double *rows;
  double *scores;
  const char *parameters;
  long columns, batch;
};

int lightgbm_matrix(const void *pointer, long first) {
  const struct lightgbm_matrix *c = pointer;
  int64_t length;
  // Doubles, by rows; raw scores of all iterations.
  return c->predict(c->booster, c->rows + first * c->columns, 1, (int32_t)c->batch,
                    (int32_t)c->columns, 1, 1, 0, -1, c->parameters, &length, c->scores);
}

// LGBM_BoosterPredictForMatSingleRowFast, after its Init.
struct lightgbm_row {
  int (*predict)(void *, const void *, int64_t *, double *);
  void *configuration;
  const double *rows;
  double *scores;
  long columns;
};

int lightgbm_row(const void *pointer, long first) {
  const struct lightgbm_row *c = pointer;
  int64_t length;
  return c->predict(c->configuration, c->rows + first * c->columns, &length, c->scores);
}

// XGBoosterPredictFromDense: the rows are named by an address in a text.
struct xgboost_matrix {
  int (*predict)(void *, const char *, const char *, void *, const uint64_t **, uint64_t *,
                 const float **);
  void *booster;
  const float *rows;
  const char *configuration;
  long columns, batch;
};

int xgboost_matrix(const void *pointer, long first) {
  const struct xgboost_matrix *c = pointer;
  const uint64_t *shape;
  uint64_t dimensions;
  const float *scores;
  char array[160];
  snprintf(array, sizeof array,
           "{\"data\":[%llu,true],\"shape\":[%ld,%ld],\"typestr\":\"<f4\",\"version\":3}",
           (unsigned long long)(uintptr_t)(c->rows + first * c->columns), c->batch, c->columns);
  return c->predict(c->booster, array, c->configuration, 0, &shape, &dimensions, &scores);
}

// The entry of what lleaves compiles: from and to a row.
struct lleaves {
  void (*predict)(const double *, double *, int32_t, int32_t);
  const double *rows;
  double *scores;
  long columns, batch;
};

int lleaves(const void *pointer, long first) {
  const struct lleaves *c = pointer;
  c->predict(c->rows + first * c->columns, c->scores, 0, (int32_t)c->batch);
  return 0;
}

// The entry of what TL2cgen writes: one row at a time, whose cells have `size` bytes.
struct tl2cgen {
  void (*predict)(const void *, int, void *);
  const char *rows;
  char *scores;
  long row_size, result_size, batch;
};

int tl2cgen(const void *pointer, long first) {
  const struct tl2cgen *c = pointer;
  for (long row = 0; row < c->batch; row++) {
    // Raw scores.
    c->predict(c->rows + (first + row) * c->row_size, 1, c->scores + row * c->result_size);
  }
  return 0;
}
