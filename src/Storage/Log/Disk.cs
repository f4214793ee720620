using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Seamless.Storage.Log;

/// <summary>The few things about a disk that .NET does not say.</summary>
internal static partial class Disk
{
    /// <summary>Makes what was written to <paramref name="file"/> survive a power cut.</summary>
    /// <remarks>
    /// <c>fdatasync</c> spares the journal entry for the modification time that <c>RandomAccess.FlushToDisk</c> (fsync) pays: up to twice the
    /// commits a second on a preallocated file (docs/performance.md).
    /// </remarks>
    /// <exception cref="IOException">The disk refused. What was written since the last success may be gone, even if a later call succeeds.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }
        if (FDataSync(file) != 0) throw new IOException("fdatasync failed", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    /// <summary>Makes the creation or renaming of a file in <paramref name="directory"/> survive a power cut.</summary>
    public static void FlushDirectory(string directory)
    {
        if (!OperatingSystem.IsLinux()) return;   // elsewhere a directory cannot be flushed, or need not be
        var descriptor = Open(directory, 0);
        if (descriptor < 0) throw new IOException($"cannot open {directory}", new Win32Exception(Marshal.GetLastPInvokeError()));
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FSync(handle) != 0) throw new IOException($"fsync of {directory} failed", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    public static long FreeBytes(string directory) => new DriveInfo(directory).AvailableFreeSpace;

    public static long TotalBytes(string directory) => new DriveInfo(directory).TotalSize;

    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int UnixDiskFull = 28;

    public static bool IsFull(IOException exception) =>
        exception.HResult == WindowsDiskFull || (exception.HResult & 0xFFFF) == UnixDiskFull || exception.InnerException is Win32Exception { NativeErrorCode: UnixDiskFull };

    /// <summary>A second name for a file, on the same disk.</summary>
    /// <returns>False where the file system, or this platform's runtime, has no such thing.</returns>
    public static bool TryLink(string file, string name) => !OperatingSystem.IsWindows() && Link(file, name) == 0;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string file, string name);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
