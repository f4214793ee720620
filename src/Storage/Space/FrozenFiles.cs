using Seamless.Storage.Log;

namespace Seamless.Storage.Space;

/// <summary>The files of a directory as they were at one moment, under it in a folder that goes away when this is disposed.</summary>
/// <remarks>What is only added to (the log) or never changed (segments) is linked, which takes no time and no space; the rest is small and copied. So whoever writes
/// is held up for a moment only, however long the files are read afterwards.</remarks>
public sealed class FrozenFiles : IDisposable
{
    private const string Prefix = ".frozen-";
    private static readonly string[] Linked = [".seg", ".log"];

    private FrozenFiles(string directory) => Directory = directory;

    /// <summary>Holds the same relative paths.</summary>
    public string Directory { get; }

    /// <param name="wanted">By the file's full path.</param>
    public static FrozenFiles Of(string directory, Func<string, bool> wanted)
    {
        var root = Path.GetFullPath(directory);
        foreach (var left in System.IO.Directory.GetDirectories(root, Prefix + "*")) System.IO.Directory.Delete(left, recursive: true);   // by a crash
        var files = System.IO.Directory.GetFiles(root, "*", SearchOption.AllDirectories);
        var frozen = new FrozenFiles(System.IO.Directory.CreateDirectory(Path.Combine(root, Prefix + Guid.CreateVersion7().ToString("N"))).FullName);
        try
        {
            foreach (var file in files.Where(wanted)) Take(file, Path.Combine(frozen.Directory, Path.GetRelativePath(root, file)));
            return frozen;
        }
        catch
        {
            frozen.Dispose();
            throw;
        }
    }

    private static void Take(string file, string target)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            if (Linked.Contains(Path.GetExtension(file)) && Disk.TryLink(file, target)) return;
            // Not File.Copy: it respects the locks of the one who writes, and that is us.
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
            source.CopyTo(copy);
        }
        catch (FileNotFoundException)
        {
            // Gone since they were listed: a segment of the log that everybody has passed, a file about to be replaced.
        }
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
