using System.Security.Cryptography;
using System.Text.Json;

namespace Seamless.Portal.Commands;

/// <summary>How verbs find the platform that runs on a data directory, and speak to it: whoever may read this file owns the data anyway.</summary>
internal sealed record ControlFile(Uri Http, string Key)
{
    private const string FileName = "control.json";

    /// <summary>A key that lives as long as the process.</summary>
    public static string NewKey() => "ck_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static ControlFile? Read(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize<ControlFile>(File.ReadAllText(path)) : null;
    }

    public void Write(string dataDirectory)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(Path.Combine(dataDirectory, FileName), options);
        JsonSerializer.Serialize(file, this);
    }

    public static void Delete(string dataDirectory) => File.Delete(Path.Combine(dataDirectory, FileName));
}
