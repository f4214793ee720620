using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.ServiceDesk.Database.Migrations
{
    /// <inheritdoc />
    public partial class EventChain : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "Late",
                table: "desk_timeline",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "OccurredAt",
                table: "desk_timeline",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Place",
                table: "desk_timeline",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LastStepAt",
                table: "desk_tickets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Hash",
                table: "desk_events",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "Number",
                table: "desk_events",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Who",
                table: "desk_events",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_events_Tenant_Number",
                table: "desk_events",
                columns: new[] { "Tenant", "Number" },
                unique: true,
                filter: "\"Number\" > 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_desk_events_Tenant_Number",
                table: "desk_events");

            migrationBuilder.DropColumn(
                name: "Late",
                table: "desk_timeline");

            migrationBuilder.DropColumn(
                name: "OccurredAt",
                table: "desk_timeline");

            migrationBuilder.DropColumn(
                name: "Place",
                table: "desk_timeline");

            migrationBuilder.DropColumn(
                name: "LastStepAt",
                table: "desk_tickets");

            migrationBuilder.DropColumn(
                name: "Hash",
                table: "desk_events");

            migrationBuilder.DropColumn(
                name: "Number",
                table: "desk_events");

            migrationBuilder.DropColumn(
                name: "Who",
                table: "desk_events");
        }
    }
}
