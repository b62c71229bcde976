using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace StreamSegmenter.Connectors.Files;

/// <summary>
/// Where files are. Failures are <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal interface IDisk
{
    /// <summary>Opens a file to append to, or makes it. Others may read it, and none may write.</summary>
    FileStream Open(string path);

    /// <summary>
    /// Brings the names in a directory to the disk: which files are there after a power failure, under which names.
    /// </summary>
    void SyncDirectory(string path);
}

/// <summary>The file systems of this machine.</summary>
internal sealed class LocalDisk : IDisk
{
    // Without a buffer, nothing of what failed can follow later.
    public FileStream Open(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

    public void SyncDirectory(string path)
    {
        // NTFS keeps a log of its names by itself, and Windows has no way to ask for more.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // The library of .NET opens files alone; what it has opened, it can sync.
        int descriptor = OpenForReading(Encoding.UTF8.GetBytes(path + '\0'), flags: 0);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open the directory: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenForReading(byte[] path, int flags);
}
