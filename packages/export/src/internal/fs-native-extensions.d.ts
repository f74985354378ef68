declare module "fs-native-extensions" {
  /** Whether the lock was granted; throws where the file system has no locks. */
  export const tryLock: (fd: number, offset: number, length: number) => boolean
}
