using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.ServiceDesk.Database.Migrations
{
    /// <inheritdoc />
    public partial class Knowledge : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "desk_article_cases",
                columns: table => new
                {
                    Article = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Reused = table.Column<bool>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_article_cases", x => new { x.Article, x.Ticket });
                });

            migrationBuilder.CreateTable(
                name: "desk_articles",
                columns: table => new
                {
                    Number = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    FaultCode = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    Audience = table.Column<string>(type: "TEXT", nullable: false),
                    SourceLanguage = table.Column<string>(type: "TEXT", nullable: false),
                    Author = table.Column<string>(type: "TEXT", nullable: false),
                    Reviewer = table.Column<string>(type: "TEXT", nullable: true),
                    Texts = table.Column<string>(type: "TEXT", nullable: false),
                    Published = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PublishedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_articles", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "desk_followed_articles",
                columns: table => new
                {
                    Article = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_followed_articles", x => new { x.Article, x.Ticket });
                });

            migrationBuilder.CreateTable(
                name: "desk_guided_steps",
                columns: table => new
                {
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", nullable: false),
                    Positive = table.Column<bool>(type: "INTEGER", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_guided_steps", x => new { x.Ticket, x.Number });
                });

            migrationBuilder.CreateTable(
                name: "desk_releases",
                columns: table => new
                {
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Novice = table.Column<string>(type: "TEXT", nullable: false),
                    Supervisor = table.Column<string>(type: "TEXT", nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_releases", x => new { x.Ticket, x.Novice });
                });

            migrationBuilder.CreateIndex(
                name: "IX_desk_tickets_Tenant_Customer",
                table: "desk_tickets",
                columns: new[] { "Tenant", "Customer" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_article_cases_Ticket",
                table: "desk_article_cases",
                column: "Ticket");

            migrationBuilder.CreateIndex(
                name: "IX_desk_articles_Sequence",
                table: "desk_articles",
                column: "Sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_articles_Tenant_Type_FaultCode",
                table: "desk_articles",
                columns: new[] { "Tenant", "Type", "FaultCode" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_followed_articles_Ticket",
                table: "desk_followed_articles",
                column: "Ticket");

            migrationBuilder.CreateIndex(
                name: "IX_desk_releases_Novice",
                table: "desk_releases",
                column: "Novice");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "desk_article_cases");

            migrationBuilder.DropTable(
                name: "desk_articles");

            migrationBuilder.DropTable(
                name: "desk_followed_articles");

            migrationBuilder.DropTable(
                name: "desk_guided_steps");

            migrationBuilder.DropTable(
                name: "desk_releases");

            migrationBuilder.DropIndex(
                name: "IX_desk_tickets_Tenant_Customer",
                table: "desk_tickets");
        }
    }
}
