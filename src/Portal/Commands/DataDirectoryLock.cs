namespace Seamless.Portal.Commands;

/// <summary>One platform per data directory: a second one would write the same log.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "platform.lock";

    /// <summary>Folders that the platform makes there.</summary>
    private static readonly string[] Folders = ["keys", "ledger", "limits", "log", "models", "rules", "timeseries"];
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    public static DataDirectoryLock Take(string dataDirectory)
    {
        if (Folders.Select(name => Path.Combine(dataDirectory, name)).Prepend(dataDirectory).FirstOrDefault(File.Exists) is { } file)
            throw new InvalidOperationException($"{Path.GetFullPath(file)} is a file, and the platform needs a directory there; move it away, or name another directory with --data");
        Directory.CreateDirectory(dataDirectory);
        try
        {
            return new DataDirectoryLock(new FileStream(Path.Combine(dataDirectory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (IsTaken(dataDirectory))
        {
            throw new InvalidOperationException($"another platform is running on {Path.GetFullPath(dataDirectory)}; stop it, or name another directory with --data");
        }
    }

    public static bool IsTaken(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path)) return false;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();
}
