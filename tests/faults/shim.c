/* Stands between the program and the C library for files below one folder, and fails, kills or writes down.

   Loaded with LD_PRELOAD. It does nothing until `fault_arm` is called. Then every call that changes files below the
   folder (and every opening of one) is counted, and the n-th fails with an error number, or the process is killed just
   before it or in the middle of it. With a log descriptor every change is written down with its bytes, so that the
   state of the disk after any of them can be made again.

   Built without headers of the C library, so that the compiler alone is enough. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef long ssize;
typedef long offset;
typedef unsigned int mode;

#define NEXT ((void *)-1L)
#define AT_CWD (-100)
#define CREAT 0100
#define TRUNC 01000
#define ACCESS 03 /* the bits that say reading, writing or both */
#define TMPFILE 020200000
#define SEEK_NOW 1
#define KILL 9
#define ROOM 4096

extern void *dlsym(void *, const char *);
extern int *__errno_location(void);
extern ssize readlink(const char *, char *, size_t);
extern char *getcwd(char *, size_t);
extern int access(const char *, int);
extern int getpid(void);
extern int kill(int, int);
extern offset lseek(int, offset, int);
extern int snprintf(char *, size_t, const char *, ...);
extern size_t strlen(const char *);
extern int strcmp(const char *, const char *);
extern int strncmp(const char *, const char *, size_t);
extern void *memcpy(void *, const void *, size_t);

enum { OFF, COUNT, FAIL, KILL_BEFORE, KILL_INSIDE };

static int what = OFF, error_number, lasting, log_to = -1;
static long at, count;
static char below[ROOM];
static size_t below_length;
static char lock;
static char boot_file[ROOM];

#define REAL(result, name, ...) static result (*real_##name)(__VA_ARGS__)
REAL(ssize, write, int, const void *, size_t);
REAL(ssize, pwrite, int, const void *, size_t, offset);
REAL(ssize, pwrite64, int, const void *, size_t, offset);
REAL(ssize, writev, int, const void *, int);
REAL(int, fsync, int);
REAL(int, fdatasync, int);
REAL(int, ftruncate, int, offset);
REAL(int, ftruncate64, int, offset);
REAL(int, rename, const char *, const char *);
REAL(int, renameat, int, const char *, int, const char *);
REAL(int, link, const char *, const char *);
REAL(int, linkat, int, const char *, int, const char *, int);
REAL(int, unlink, const char *);
REAL(int, unlinkat, int, const char *, int);
REAL(int, mkdir, const char *, mode);
REAL(int, mkdirat, int, const char *, mode);
REAL(int, rmdir, const char *);
REAL(int, open, const char *, int, ...);
REAL(int, open64, const char *, int, ...);
REAL(int, openat, int, const char *, int, ...);
REAL(int, openat64, int, const char *, int, ...);
REAL(ssize, sendfile, int, int, offset *, size_t);
REAL(ssize, sendfile64, int, int, offset *, size_t);
REAL(ssize, copy_file_range, int, offset *, int, offset *, size_t, unsigned);

#define FIND(name) real_##name = dlsym(NEXT, #name)
__attribute__((constructor)) static void find(void) {
  FIND(write), FIND(pwrite), FIND(pwrite64), FIND(writev), FIND(fsync), FIND(fdatasync), FIND(ftruncate);
  FIND(ftruncate64), FIND(rename), FIND(renameat), FIND(link), FIND(linkat), FIND(unlink), FIND(unlinkat);
  FIND(mkdir), FIND(mkdirat), FIND(rmdir), FIND(open), FIND(open64), FIND(openat), FIND(openat64);
  FIND(sendfile), FIND(sendfile64), FIND(copy_file_range);
}

void fault_arm(int how, long nth, int error, int goes_on, const char *folder, int log_descriptor) {
  below_length = strlen(folder);
  memcpy(below, folder, below_length + 1);
  at = nth, error_number = error, lasting = goes_on, log_to = log_descriptor, count = 0;
  what = how;
}

/* Lets the process believe in another run of the computer: the file holds its name. */
void fault_boot(const char *file) { snprintf(boot_file, sizeof boot_file, "%s", file); }

long fault_count(void) { return count; }

/* Which file: its whole name, 1 when it lies below the folder. */

static int ours(const char *path) {
  return !strncmp(path, below, below_length) && (path[below_length] == '/' || path[below_length] == 0);
}

static int of_descriptor(int descriptor, char *name) {
  char link_name[64];
  if (what == OFF) return 0;
  snprintf(link_name, sizeof link_name, "/proc/self/fd/%d", descriptor);
  ssize length = readlink(link_name, name, ROOM - 1);
  if (length < 0) return 0;
  name[length] = 0;
  return ours(name);
}

static int of_path(int folder, const char *path, char *name) {
  if (what == OFF || path == NULL) return 0;
  if (path[0] == '/') {
    snprintf(name, ROOM, "%s", path);
  } else {
    char start[ROOM] = "";
    if (folder == AT_CWD) {
      if (getcwd(start, sizeof start) == NULL) return 0;
    } else {
      of_descriptor(folder, start);
    }
    snprintf(name, ROOM, "%s/%s", start, path);
  }
  return ours(name);
}

/* The log: kind, lengths, then the names and the bytes. */

static void note(char kind, const char *name, const char *other, offset place, const void *bytes, size_t size) {
  struct __attribute__((packed)) {
    char kind;
    uint32_t number, name, other;
    uint64_t place, size;
  } head = {kind, (uint32_t)count, strlen(name), other ? strlen(other) : 0, place, bytes ? size : 0};
  if (log_to < 0) return;
  while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE)) { }
  real_write(log_to, &head, sizeof head);
  real_write(log_to, name, head.name);
  if (other) real_write(log_to, other, head.other);
  if (bytes) real_write(log_to, bytes, size);
  __atomic_clear(&lock, __ATOMIC_RELEASE);
}

/* Returns 0 to go on, 1 to fail with errno set, 2 to do it (or half of it) and be killed. */

static int turn(char kind) {
  long mine = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
  if (what == COUNT || mine < at || (mine > at && !(what == FAIL && lasting))) return 0;
  if (what == FAIL) {
    /* a full disk still removes and opens */
    int is_full = error_number == 28 || error_number == 122;
    if (mine > at && is_full && (kind == 'u' || kind == 'd' || kind == 'o')) return 0;
    *__errno_location() = error_number;
    return 1;
  }
  if (what == KILL_INSIDE) return 2;
  kill(getpid(), KILL);
  return 1;
}

#define DIE_IF(now) do { if ((now) == 2) kill(getpid(), KILL); } while (0)

static ssize written(int descriptor, const void *bytes, size_t size, offset place) {
  char name[ROOM];

  int mine = of_descriptor(descriptor, name);
  int now = mine ? turn('w') : 0;
  if (now == 1) return -1;
  if (now == 2) size = size > 1 ? size / 2 : size;
  ssize done = place < 0 ? real_write(descriptor, bytes, size) : real_pwrite64(descriptor, bytes, size, place);
  DIE_IF(now);
  if (mine && done > 0) note('w', name, NULL, place < 0 ? lseek(descriptor, 0, SEEK_NOW) - done : place, bytes, done);
  return done;
}

ssize write(int descriptor, const void *bytes, size_t size) { return written(descriptor, bytes, size, -1); }
ssize pwrite(int d, const void *bytes, size_t size, offset place) { return written(d, bytes, size, place); }
ssize pwrite64(int d, const void *bytes, size_t size, offset place) { return written(d, bytes, size, place); }

struct piece {
  const void *bytes;
  size_t size;
};

ssize writev(int descriptor, const struct piece *pieces, int number) {
  char name[ROOM];
  if (!of_descriptor(descriptor, name)) return real_writev(descriptor, pieces, number);
  ssize all = 0;
  for (int each = 0; each < number; each++) {
    ssize done = write(descriptor, pieces[each].bytes, pieces[each].size);
    if (done < 0) return all ? all : -1;
    all += done;
    if ((size_t)done < pieces[each].size) break;
  }
  return all;
}

static int synced(int descriptor, int (*real)(int)) {
  char name[ROOM];
  int mine = of_descriptor(descriptor, name);
  int now = mine ? turn('s') : 0;
  if (now == 1) return -1;
  int done = real(descriptor);
  DIE_IF(now);
  if (mine && !done) note('s', name, NULL, 0, NULL, 0);
  return done;
}

int fsync(int descriptor) { return synced(descriptor, real_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, real_fdatasync); }

static int cut(int descriptor, offset size) {
  char name[ROOM];
  int mine = of_descriptor(descriptor, name);
  int now = mine ? turn('t') : 0;
  if (now == 1) return -1;
  int done = real_ftruncate64(descriptor, size);
  DIE_IF(now);
  if (mine && !done) note('t', name, NULL, size, NULL, 0);
  return done;
}

int ftruncate(int descriptor, offset size) { return cut(descriptor, size); }
int ftruncate64(int descriptor, offset size) { return cut(descriptor, size); }

#define TWO_NAMES(kind, folder, old, other_folder, new, call)        \
  char name[ROOM], other[ROOM];                                      \
  int first = of_path(folder, old, name);                            \
  int mine = of_path(other_folder, new, other) || first;             \
  int now = mine ? turn(kind) : 0;                                   \
  if (now == 1) return -1;                                           \
  int done = call;                                                   \
  DIE_IF(now);                                                       \
  if (mine && !done) note(kind, name, other, 0, NULL, 0);            \
  return done;

int rename(const char *old, const char *new) { TWO_NAMES('r', AT_CWD, old, AT_CWD, new, real_rename(old, new)) }
int renameat(int from, const char *old, int to, const char *new) {
  TWO_NAMES('r', from, old, to, new, real_renameat(from, old, to, new))
}
int link(const char *old, const char *new) { TWO_NAMES('l', AT_CWD, old, AT_CWD, new, real_link(old, new)) }
int linkat(int from, const char *old, int to, const char *new, int flags) {
  TWO_NAMES('l', from, old, to, new, real_linkat(from, old, to, new, flags))
}

#define ONE_NAME(kind, folder, path, call)                 \
  char name[ROOM];                                         \
  int mine = of_path(folder, path, name);                  \
  int now = mine ? turn(kind) : 0;                         \
  if (now == 1) return -1;                                 \
  int done = call;                                         \
  DIE_IF(now);                                             \
  if (mine && !done) note(kind, name, NULL, 0, NULL, 0);   \
  return done;

int unlink(const char *path) { ONE_NAME('u', AT_CWD, path, real_unlink(path)) }
int unlinkat(int folder, const char *path, int flags) {
  ONE_NAME(flags ? 'd' : 'u', folder, path, real_unlinkat(folder, path, flags))
}
int mkdir(const char *path, mode rights) { ONE_NAME('m', AT_CWD, path, real_mkdir(path, rights)) }
int mkdirat(int folder, const char *path, mode rights) { ONE_NAME('m', folder, path, real_mkdirat(folder, path, rights)) }
int rmdir(const char *path) { ONE_NAME('d', AT_CWD, path, real_rmdir(path)) }

static int opened(int folder, const char *path, int flags, mode rights) {
  char name[ROOM];
  if (boot_file[0] && !strcmp(path, "/proc/sys/kernel/random/boot_id")) path = boot_file;
  int mine = of_path(folder, path, name);
  int now = mine ? turn(flags & CREAT ? 'c' : 'o') : 0;
  if (now == 1) return -1;
  int is_new = mine && (flags & CREAT) && access(name, 0) != 0;
  int done = real_openat64(folder, path, flags, rights);
  DIE_IF(now);
  if (mine && done >= 0) {
    if (is_new) note('c', name, NULL, 0, NULL, 0);
    else if (flags & TRUNC && flags & ACCESS) note('t', name, NULL, 0, NULL, 0);
    else note('o', name, NULL, flags, NULL, 0);
  }
  return done;
}

#define RIGHTS(last)                                                \
  mode rights = 0;                                                  \
  if (flags & CREAT || (flags & TMPFILE) == TMPFILE) {              \
    va_list more;                                                   \
    va_start(more, last);                                           \
    rights = va_arg(more, mode);                                    \
    va_end(more);                                                   \
  }

int open(const char *path, int flags, ...) { RIGHTS(flags) return opened(AT_CWD, path, flags, rights); }
int open64(const char *path, int flags, ...) { RIGHTS(flags) return opened(AT_CWD, path, flags, rights); }
int openat(int folder, const char *path, int flags, ...) { RIGHTS(flags) return opened(folder, path, flags, rights); }
int openat64(int folder, const char *path, int flags, ...) { RIGHTS(flags) return opened(folder, path, flags, rights); }

/* Copies inside the kernel would pass unseen: they are refused, and every caller then copies by reading and writing. */

#define REFUSED(target, call)                     \
  char name[ROOM];                                \
  if (!of_descriptor(target, name)) return call;  \
  *__errno_location() = 22;                       \
  return -1;

ssize sendfile(int to, int from, offset *place, size_t size) { REFUSED(to, real_sendfile(to, from, place, size)) }
ssize sendfile64(int to, int from, offset *place, size_t size) { REFUSED(to, real_sendfile64(to, from, place, size)) }
ssize copy_file_range(int from, offset *in, int to, offset *out, size_t size, unsigned flags) {
  REFUSED(to, real_copy_file_range(from, in, to, out, size, flags))
}
