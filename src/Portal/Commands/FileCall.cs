using System.CommandLine;
using System.Text;

namespace Seamless.Portal.Commands;

/// <summary>Sends a file of JSON to the platform as it is: what is wrong with it the platform says.</summary>
internal static class FileCall
{
    public static async Task<int> SendAsync<T>(ParseResult parsed, Settings.PlatformSettings settings, FileInfo file, HttpMethod method, string path, Func<T, string> said, CancellationToken ct) where T : class
    {
        if (!file.Exists) return Terminal.Misused($"{file.FullName}: there is no such file");
        var text = await File.ReadAllTextAsync(file.FullName, ct);
        return await PlatformClient.AskAsync<T>(settings, async (http, token) =>
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
            return await http.SendAsync(request, token);
        }, answer =>
        {
            if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(answer);
            else Console.WriteLine(said(answer));
        }, ct);
    }
}
