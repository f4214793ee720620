using Seamless.Telemetry;

namespace Seamless.Ingest.Dialects.Azure;

/// <summary>The user name of a device or module of a hub: <c>{host}/{device}[/{module}]/?api-version=…[&amp;…]</c>.</summary>
/// <param name="Module">Null for a device.</param>
internal sealed record AzureUserName(string Host, string Device, string? Module)
{
    /// <summary>What the client id must be.</summary>
    public string ClientId => Module is null ? Device : $"{Device}/{Module}";

    /// <summary>A module is a device of its own here: module <c>camera</c> of <c>line-4</c> is registered as <c>line-4:camera</c>.</summary>
    public DeviceKey Key => new(DeviceKey.DefaultTenant, Module is null ? Device : $"{Device}:{Module}");

    /// <summary>What a token must be for, or for something that contains it.</summary>
    public string Resource => Module is null ? $"{Host}/devices/{Device}" : $"{Host}/devices/{Device}/modules/{Module}";

    /// <returns>Null when it does not have this form: then it is not a hub's.</returns>
    public static AzureUserName? TryParse(string userName)
    {
        var parts = userName.Split('/', 5);
        var version = Array.FindIndex(parts, part => part.StartsWith("?api-version=", StringComparison.Ordinal) || part.StartsWith("api-version=", StringComparison.Ordinal));
        if (version is not (2 or 3) || parts[0].Length == 0) return null;
        var module = version == 3 ? parts[2] : null;
        return DeviceKey.IsValidName(parts[1]) && (module is null || DeviceKey.IsValidName(module)) ? new AzureUserName(parts[0], parts[1], module) : null;
    }
}
