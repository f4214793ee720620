using System.Reflection;
using System.Text.RegularExpressions;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>What somebody has typed is never lost to a refusal or to a line that is down.</summary>
public sealed partial class KeptFormTests(Rig rig)
{
    /// <summary>Where people write sentences.</summary>
    private static readonly string[] Rooms = ["Care", "Commerce", "Customers", "Knowledge"];

    [Fact]
    public void Every_form_with_something_to_write_keeps_it()
    {
        var forms = Rooms.SelectMany(room => Directory.EnumerateFiles(Path.Combine(Root(), "src", "Portal", "Pages", room), "*.razor"))
            .SelectMany(file => Form().Matches(File.ReadAllText(file)).Select(form => (File: Path.GetFileName(file), Head: form.Groups["head"].Value, Body: form.Groups["body"].Value))).Where(form => Written().IsMatch(form.Body)).ToList();

        Assert.True(forms.Count > 15, $"only {forms.Count} forms");
        Assert.Equal([], forms.Where(form => !form.Head.Contains(" Keeps", StringComparison.Ordinal)).Select(form => $"{form.File}: {form.Head}"));
    }

    [Theory]
    [InlineData("/care?view=all", "form[action='/care/plans']", "input[name=title]")]
    [InlineData("/complaints", "form[action='/complaints/lodge']", "textarea[name=text]")]
    [InlineData("/complaints/C-1001", "form[action$='/actions/note']", "textarea[name=note]")]
    [InlineData("/knowledge", "form[action='/knowledge/write']", "textarea[name=problem]")]
    public async Task A_refusal_and_a_line_that_is_down_leave_what_was_typed(string path, string form, string field)
    {
        var (page, _) = await rig.OpenAsync(path, new Look());
        await page.EvaluateAsync("document.querySelectorAll('details.fold').forEach(fold => fold.open = true)");
        await page.FillAsync($"{form} {field}", "an hour's work");
        var goes = false;
        await page.RouteAsync("**" + await page.GetAttributeAsync(form, "action"), route =>
            goes ? route.FulfillAsync(new() { Status = 409, ContentType = "application/json", Body = """{"refused":true,"text":"not so"}""" }) : route.AbortAsync());
        await page.EvaluateAsync("form => document.querySelector(form).noValidate = true", form);

        await page.Locator($"{form} button").First.ClickAsync();
        await page.WaitForSelectorAsync("#toasts .toast");
        Assert.Equal("an hour's work", await page.InputValueAsync($"{form} {field}"));

        goes = true;
        await page.Locator($"{form} button").First.ClickAsync();
        Assert.Equal("not so", await page.InnerTextAsync($"{form} .notice.refused"));
        Assert.Equal("an hour's work", await page.InputValueAsync($"{form} {field}"));
        await page.Context.CloseAsync();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (!File.Exists(Path.Combine(folder.FullName, "IoT.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("not inside the repository");
        return folder.FullName;
    }

    [GeneratedRegex(@"<PostForm(?<head>[^\n]*?)>(?=\s*\n|[^\n]*</PostForm>)(?<body>.*?)</PostForm>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex(@"<textarea|<ArticleFields|<input (?![^>]*type=""(hidden|checkbox|radio|date)"")[^>]*name=")]
    private static partial Regex Written();
}
