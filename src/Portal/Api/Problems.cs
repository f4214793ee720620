using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <summary>Every error of the API as RFC 9457 problem details.</summary>
internal static partial class Problems
{
    private const string ContentType = "application/problem+json";

    /// <param name="more">Members of the problem beside its words and the <c>code</c> of its reason.</param>
    public static IResult Of(Refusal refusal, IDictionary<string, object?>? more = null) => Results.Problem(
        refusal.Reason, statusCode: StatusOf(refusal), title: TitleOf(StatusOf(refusal)), type: TypeOf(refusal.Code), extensions: With(refusal.Why, more));

    private static IDictionary<string, object?>? With(string? why, IDictionary<string, object?>? more) =>
        why is null ? more : new Dictionary<string, object?>(more ?? new Dictionary<string, object?>()) { ["code"] = why };

    public static IResult NotFound(string reason) => Of(Refusal.NotFound(reason));
    public static IResult Invalid(string reason) => Of(Refusal.Invalid(reason));

    /// <summary>The value as <paramref name="view"/> shows it, or the problem.</summary>
    public static IResult ToResult<T, TView>(this Outcome<T> outcome, Func<T, TView> view) =>
        outcome.Succeeded ? TypedResults.Ok(view(outcome.Value)) : Of(outcome.Refusal);

    private static int StatusOf(Refusal refusal) => refusal.Code switch
    {
        "not-found" => StatusCodes.Status404NotFound,
        "invalid" => StatusCodes.Status400BadRequest,
        "forbidden" => StatusCodes.Status403Forbidden,
        "too-large" => StatusCodes.Status413PayloadTooLarge,
        "too-many" => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status409Conflict,
    };

    private static string TypeOf(string code) => $"urn:seamless:{code}";
    private static string TitleOf(int status) => ReasonPhrases.GetReasonPhrase(status);

    /// <summary>The edge of the API: what was thrown below, and statuses that carry no body (401, 403, 404, 405, 415), become problem details.</summary>
    public static void UseApiProblems(this IApplicationBuilder app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api =>
        {
            api.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = WriteExceptionAsync, SuppressDiagnosticsCallback = IsCallersFault });
            api.Use(TakeNoBodyForJson);
            api.UseStatusCodePages(context => WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode, Advice(context.HttpContext)));
        });

    /// <summary>A request without a body names no type of it; where a body may be left out it must still find its endpoint.</summary>
    private static Task TakeNoBodyForJson(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentType is null && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) context.Request.ContentType = "application/json";
        return next(context);
    }

    private static bool IsCallersFault(ExceptionHandlerSuppressDiagnosticsContext context) => context.Exception is BadHttpRequestException;

    private static Task WriteExceptionAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        return error is BadHttpRequestException bad
            ? WriteAsync(context, bad.StatusCode, Explain(bad))
            : WriteAsync(context, StatusCodes.Status500InternalServerError, $"We failed, not you. The log has the cause under trace {context.TraceIdentifier}.");
    }

    /// <summary>For unreadable JSON and values in the address: where, and what would be right. Without the names of our types.</summary>
    private static string Explain(BadHttpRequestException bad)
    {
        if (bad.InnerException is JsonException json) return $"{InOurWords(json.Message.Split(" Path:")[0], json.Path)} At {json.Path ?? "$"}, line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.";
        return UnfitParameter().Match(bad.Message) is { Success: true, Groups: var said }
            ? $"{JsonNamingPolicy.CamelCase.ConvertName(said["name"].Value)} is '{said["value"].Value}'; it must be {Expected(said["type"].Value)}."
            : bad.Message;
    }

    [GeneratedRegex("^Failed to bind parameter \"(?<type>.+) (?<name>\\w+)\" from \"(?<value>.*)\"", RegexOptions.Singleline)]
    private static partial Regex UnfitParameter();

    private static string Expected(string type) => type switch
    {
        _ when type.Contains("bool", StringComparison.Ordinal) => "true or false",
        _ when type.Contains("int", StringComparison.Ordinal) || type.Contains("long", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("double", StringComparison.Ordinal) || type.Contains("decimal", StringComparison.Ordinal) => "a number",
        _ when type.Contains("DateTimeOffset", StringComparison.Ordinal) => "a time as in RFC 3339: 2026-01-31T12:00:00Z",
        _ => EnumWords.Of(type) is { } words ? $"one of {words}" : "what /openapi/v1.json says",
    };

    private static string InOurWords(string message, string? path) => message switch
    {
        _ when message.Contains("could not be mapped", StringComparison.Ordinal) => $"'{message.Split('\'')[1]}' is not a field of this request; see /openapi/v1.json.",
        _ when message.Contains("could not be converted to ", StringComparison.Ordinal) => EnumWords.Of(message.Split("could not be converted to ")[1], path) is { } words
            ? $"The value does not fit this field; it must be one of {words}."
            : "The value does not fit this field; see /openapi/v1.json.",
        _ => message,
    };

    private static string Advice(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => "Send 'Authorization: Bearer <api key>', or log in to the portal.",
        StatusCodes.Status403Forbidden => "This principal's role does not allow it.",
        StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}. See /openapi/v1.json.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not possible here; allowed: {context.Response.Headers.Allow}.",
        StatusCodes.Status415UnsupportedMediaType => "Send application/json.",
        StatusCodes.Status429TooManyRequests => "Too many requests from this address; try again in a minute.",
        var status => TitleOf(status),
    };

    private static Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        var problem = new ProblemDetails
        {
            Status = status, Title = TitleOf(status), Detail = detail, Instance = context.Request.Path,
            Type = TypeOf(TitleOf(status).ToLowerInvariant().Replace(' ', '-')),
        };
        return context.Response.WriteAsJsonAsync(problem, ApiJson.Options, ContentType, context.RequestAborted);
    }
}
