using System.Security.Cryptography;

namespace Seamless.Storage.Operations;

/// <summary>A private key of the platform (ECDSA P-256) in a file that its owner alone can read; made when it is first asked for.</summary>
public static class SigningKeyFile
{
    /// <summary>Whole or not at all: of two processes that ask at once, the first one's key counts for both.</summary>
    public static ECDsa LoadOrMake(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (!File.Exists(file)) Make(file);
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file));
        return key;
    }

    private static void Make(string file)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var fresh = $"{file}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(fresh, options)) writer.Write(made.ExportPkcs8PrivateKeyPem());
        try
        {
            File.Move(fresh, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(fresh);   // another process was faster: its key counts
        }
    }
}
